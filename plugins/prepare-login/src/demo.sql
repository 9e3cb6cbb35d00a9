create table if not exists "Client" (
  "id" text primary key,
  "type" text not null check ("type" in ('PERSONNE_PHYSIQUE', 'PERSONNE_MORALE')),
  "profilType" text not null check ("profilType" in ('LOCATAIRE', 'PROPRIETAIRE')),
  "createdAt" text not null default current_timestamp,
  "updatedAt" text not null default current_timestamp
);
create table if not exists "Person" (
  "id" text primary key,
  "email" text unique,
  "firstName" text,
  "lastName" text,
  "clientId" text not null unique references "Client" ("id") on delete cascade
);
create table if not exists "Entreprise" (
  "id" text primary key,
  "email" text not null unique,
  "legalName" text not null,
  "name" text not null,
  "clientId" text not null unique references "Client" ("id") on delete cascade
);
insert or ignore into "Client" ("id", "type", "profilType") values
  ('demo_client_jean', 'PERSONNE_PHYSIQUE', 'LOCATAIRE'),
  ('demo_client_helene', 'PERSONNE_PHYSIQUE', 'LOCATAIRE'),
  ('demo_client_paul', 'PERSONNE_PHYSIQUE', 'PROPRIETAIRE'),
  ('demo_client_societe', 'PERSONNE_MORALE', 'LOCATAIRE');
insert or ignore into "Person" ("id", "email", "firstName", "lastName", "clientId") values
  ('demo_person_jean', 'jean@example.com', 'Jean', 'Dupont', 'demo_client_jean'),
  ('demo_person_helene', ' Hélène.Bréant@Example.COM ', 'Hélène', 'Bréant', 'demo_client_helene'),
  ('demo_person_paul', 'proprietaire@example.com', 'Paul', 'Roux', 'demo_client_paul');
insert or ignore into "Entreprise" ("id", "email", "legalName", "name", "clientId") values
  ('demo_entreprise_societe', 'contact@societe.fr', 'SOCIETE ABC SARL', 'Société ABC', 'demo_client_societe');
