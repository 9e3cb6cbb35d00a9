// What the kit itself says, in the languages that Guichet speaks. What Guichet says comes in the visitor's language.

export type Language = "fr" | "en";

const WORDS = {
  fr: {
    notLoaded: "Authentification non chargée",
    notSignedIn: "Vous devez être connecté",
    required: "Authentification requise",
    noToken: "Aucun jeton n’a pu être obtenu",
    unreachable: "Le service de connexion ne répond pas",
    tooSlow: "Le service de connexion met trop longtemps à répondre",
    tooLarge: "La requête est trop volumineuse",
    misconfigured: "Le service de connexion n’est pas configuré",
    foreign: "Cette requête vient d’un autre site",
    unknown: "Cette adresse n’existe pas",
  },
  en: {
    notLoaded: "Authentication not loaded",
    notSignedIn: "You must be signed in",
    required: "Authentication required",
    noToken: "No token could be had",
    unreachable: "The sign-in service does not answer",
    tooSlow: "The sign-in service takes too long to answer",
    tooLarge: "The request is too large",
    misconfigured: "The sign-in service is not configured",
    foreign: "This request comes from another site",
    unknown: "There is nothing at this address",
  },
} as const;

export type Words = Record<keyof (typeof WORDS)["fr"], string>;

export const words = (language: Language): Words => WORDS[language];

/** The first language of an `Accept-Language` header, or of a browser, that is spoken here; French when none is. */
export function languageOf(wanted: string | null | undefined): Language {
  for (const range of (wanted ?? "").split(",")) {
    const tag = range.split(";")[0]?.trim().toLowerCase().split("-")[0];
    if (tag === "fr" || tag === "en") return tag;
  }
  return "fr";
}

/** The language of the page that one looks at. */
export function languageOfPage(): Language {
  if (typeof document !== "undefined" && document.documentElement.lang) {
    return languageOf(document.documentElement.lang);
  }
  return languageOf(typeof navigator === "undefined" ? null : navigator.language);
}
