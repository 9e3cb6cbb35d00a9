-- Guichet's tables for Postgres, for an empty database.
-- Generated from what the program declares; do not edit.

create table "user" (
  "id"                  text        not null primary key,
  "name"                text        not null,
  "email"               text        not null unique,
  "emailVerified"       boolean     not null default false,
  "image"               text,
  "createdAt"           timestamptz not null default CURRENT_TIMESTAMP,
  "updatedAt"           timestamptz not null default CURRENT_TIMESTAMP,
  "role"                text        default 'user',
  "banned"              boolean     default false,
  "banReason"           text,
  "banExpires"          timestamptz,
  "clientId"            text,
  "username"            text        unique,
  "displayUsername"     text,
  "isAnonymous"         boolean     default false,
  "phoneNumber"         text        unique,
  "phoneNumberVerified" boolean,
  "twoFactorEnabled"    boolean     default false
);

create table "session" (
  "id"             text        not null primary key,
  "expiresAt"      timestamptz not null,
  "token"          text        not null unique,
  "createdAt"      timestamptz not null default CURRENT_TIMESTAMP,
  "updatedAt"      timestamptz not null,
  "ipAddress"      text,
  "userAgent"      text,
  "userId"         text        not null references "user" ("id") on delete cascade,
  "amr"            text,
  "aal"            integer,
  "impersonatedBy" text
);

create table "account" (
  "id"                    text        not null primary key,
  "accountId"             text        not null,
  "providerId"            text        not null,
  "userId"                text        not null references "user" ("id") on delete cascade,
  "accessToken"           text,
  "refreshToken"          text,
  "idToken"               text,
  "accessTokenExpiresAt"  timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope"                 text,
  "password"              text,
  "createdAt"             timestamptz not null default CURRENT_TIMESTAMP,
  "updatedAt"             timestamptz not null
);

create table "verification" (
  "id"         text        not null primary key,
  "identifier" text        not null,
  "value"      text        not null,
  "expiresAt"  timestamptz not null,
  "createdAt"  timestamptz not null default CURRENT_TIMESTAMP,
  "updatedAt"  timestamptz not null default CURRENT_TIMESTAMP
);

create table "rateLimit" (
  "id"          text    not null primary key,
  "key"         text    not null unique,
  "count"       integer not null,
  "lastRequest" bigint  not null
);

create table "mailOutbox" (
  "id"            text        not null primary key,
  "sealed"        text        not null,
  "kind"          text        not null,
  "attempts"      integer     not null,
  "nextAttemptAt" timestamptz,
  "claimedUntil"  timestamptz,
  "lastError"     text,
  "createdAt"     timestamptz not null,
  "expiresAt"     timestamptz,
  "failedAt"      timestamptz
);

create table "emailOtpBudget" (
  "id"           text    not null primary key,
  "tries"        integer not null,
  "windowEndsAt" bigint  not null
);

create table "anonymousUpgrade" (
  "id"              text        not null primary key,
  "anonymousUserId" text        not null,
  "userId"          text        not null,
  "createdAt"       timestamptz not null,
  "nextAttemptAt"   timestamptz not null,
  "attempts"        integer     not null default 0
);

create table "passkey" (
  "id"           text        not null primary key,
  "name"         text,
  "publicKey"    text        not null,
  "userId"       text        not null references "user" ("id") on delete cascade,
  "credentialID" text        not null,
  "counter"      integer     not null,
  "deviceType"   text        not null,
  "backedUp"     boolean     not null,
  "transports"   text,
  "createdAt"    timestamptz,
  "aaguid"       text
);

create table "socialProofBudget" (
  "id"           text    not null primary key,
  "tries"        integer not null,
  "windowEndsAt" bigint  not null
);

create table "jwks" (
  "id"         text        not null primary key,
  "publicKey"  text        not null,
  "privateKey" text        not null,
  "createdAt"  timestamptz not null,
  "expiresAt"  timestamptz,
  "alg"        text,
  "crv"        text
);

create table "revocation" (
  "id"        text        not null primary key,
  "position"  integer,
  "sessionId" text,
  "userId"    text,
  "notBefore" timestamptz,
  "createdAt" timestamptz not null,
  "expiresAt" timestamptz not null
);

create table "revocationFeed" (
  "id"       text    not null primary key,
  "epoch"    text    not null,
  "position" integer not null
);

create table "phoneNumberBudget" (
  "id"           text    not null primary key,
  "tries"        integer not null,
  "windowEndsAt" bigint  not null
);

create table "knownDevice" (
  "id"          text        not null primary key,
  "userId"      text        not null references "user" ("id") on delete cascade,
  "device"      text        not null unique,
  "arrival"     text,
  "firstUsedAt" timestamptz not null,
  "lastUsedAt"  timestamptz not null
);

create table "knownDeviceOwner" (
  "id"        text        not null primary key,
  "userId"    text        not null unique references "user" ("id") on delete cascade,
  "createdAt" timestamptz not null
);

create table "refreshToken" (
  "id"          text        not null primary key,
  "family"      text        not null,
  "userId"      text        not null references "user" ("id") on delete cascade,
  "sessionId"   text        not null references "session" ("id") on delete cascade,
  "tokenHash"   text        not null unique,
  "parent"      text,
  "createdAt"   timestamptz not null,
  "expiresAt"   timestamptz not null,
  "usedAt"      timestamptz,
  "successor"   text,
  "accessToken" text,
  "userAgent"   text,
  "ipAddress"   text
);

create table "twoFactor" (
  "id"                      text        not null primary key,
  "secret"                  text        not null,
  "backupCodes"             text        not null,
  "userId"                  text        not null references "user" ("id") on delete cascade,
  "verified"                boolean     default true,
  "failedVerificationCount" integer     default 0,
  "lockedUntil"             timestamptz,
  "lastStep"                bigint
);

create table "trustedDevice" (
  "id"        text        not null primary key,
  "userId"    text        not null references "user" ("id") on delete cascade,
  "token"     text        not null unique,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "expiresAt" timestamptz not null,
  "userAgent" text,
  "ipAddress" text
);

create index "session_userId_idx" on "session" ("userId");
create index "session_impersonatedBy_idx" on "session" ("impersonatedBy");
create index "account_userId_idx" on "account" ("userId");
create index "verification_identifier_idx" on "verification" ("identifier");
create index "verification_value_idx" on "verification" using hash ("value");
create index "verification_expiresAt_idx" on "verification" ("expiresAt");
create index "mailOutbox_nextAttemptAt_idx" on "mailOutbox" ("nextAttemptAt");
create index "mailOutbox_failedAt_idx" on "mailOutbox" ("failedAt");
create index "emailOtpBudget_windowEndsAt_idx" on "emailOtpBudget" ("windowEndsAt");
create index "anonymousUpgrade_nextAttemptAt_idx" on "anonymousUpgrade" ("nextAttemptAt");
create index "passkey_userId_idx" on "passkey" ("userId");
create index "passkey_credentialID_idx" on "passkey" ("credentialID");
create index "socialProofBudget_windowEndsAt_idx" on "socialProofBudget" ("windowEndsAt");
create index "revocation_position_idx" on "revocation" ("position");
create index "revocation_expiresAt_idx" on "revocation" ("expiresAt");
create index "phoneNumberBudget_windowEndsAt_idx" on "phoneNumberBudget" ("windowEndsAt");
create index "knownDevice_userId_idx" on "knownDevice" ("userId");
create index "knownDevice_lastUsedAt_idx" on "knownDevice" ("lastUsedAt");
create index "refreshToken_family_idx" on "refreshToken" ("family");
create index "refreshToken_userId_idx" on "refreshToken" ("userId");
create index "refreshToken_sessionId_idx" on "refreshToken" ("sessionId");
create index "refreshToken_expiresAt_idx" on "refreshToken" ("expiresAt");
create index "twoFactor_secret_idx" on "twoFactor" ("secret");
create index "twoFactor_userId_idx" on "twoFactor" ("userId");
create index "trustedDevice_userId_idx" on "trustedDevice" ("userId");
create index "trustedDevice_expiresAt_idx" on "trustedDevice" ("expiresAt");
