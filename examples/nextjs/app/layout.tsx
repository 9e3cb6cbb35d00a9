import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = { title: "Exemple Guichet", description: "Une application Next.js devant Guichet" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="fr">
      <body>
        <header>
          <strong>Exemple Guichet</strong>
          <nav>
            <Link href="/">Accueil</Link>
            <Link href="/dashboard">Tableau de bord</Link>
            <Link href="/client" prefetch={false}>
              Espace locataire
            </Link>
            <Link href="/user" prefetch={false}>
              Compte par jetons
            </Link>
          </nav>
        </header>
        {children}
      </body>
    </html>
  );
}
