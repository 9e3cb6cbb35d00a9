# Sign-in with an address and a password.

## The form
email-password-email-label = Adresse e-mail
email-password-email-invalid = Cette adresse e-mail semble incomplète. Exemple : prenom.nom@exemple.fr
email-password-password-label = Mot de passe
email-password-password-missing = Saisissez votre mot de passe.
email-password-show = Afficher le mot de passe
email-password-submit = Se connecter
email-password-limited =
    { $seconds ->
        [one] Trop d’essais. Réessayez dans { $seconds } seconde.
       *[other] Trop d’essais. Réessayez dans { $seconds } secondes.
    }
email-password-limited-over = Vous pouvez réessayer.

## Mails
email-password-hello = Bonjour,
email-password-hello-name = Bonjour { $name },

email-password-link-subject =
    { $purpose ->
        [reset] Choisissez un nouveau mot de passe
        [approve] Approuvez votre nouvelle adresse e-mail
        [change] Confirmez votre nouvelle adresse e-mail
       *[verification] Confirmez votre adresse e-mail
    }
email-password-link-intro =
    { $purpose ->
        [reset] Vous avez demandé à changer le mot de passe de votre compte { $app }. Ouvrez ce lien pour en choisir un nouveau :
        [approve] Vous avez demandé que votre compte { $app } ait désormais l’adresse { $address }. Ouvrez ce lien pour approuver ; un second lien partira alors vers cette adresse :
        [change] Ouvrez ce lien pour confirmer que ceci est la nouvelle adresse de votre compte { $app } :
       *[verification] Ouvrez ce lien pour confirmer que cette adresse e-mail est bien la vôtre, pour { $app } :
    }
email-password-link-button =
    { $purpose ->
        [reset] Choisir un nouveau mot de passe
        [approve] Approuver le changement
        [change] Confirmer ma nouvelle adresse
       *[verification] Confirmer mon adresse
    }
email-password-link-by-hand = Le bouton ne répond pas ? Copiez cette adresse dans votre navigateur :
email-password-link-validity =
    { $purpose ->
        [reset] { $minutes ->
            [one] Ce lien est valable { $minutes } minute et ne sert qu’une fois.
           *[other] Ce lien est valable { $minutes } minutes et ne sert qu’une fois.
        }
       *[verification] { $minutes ->
            [one] Ce lien est valable { $minutes } minute.
           *[other] Ce lien est valable { $minutes } minutes.
        }
    }
email-password-link-not-you =
    { $purpose ->
        [reset] Vous n’avez rien demandé ? Ignorez ce message : votre mot de passe reste le même.
        [approve] Vous n’avez rien demandé ? N’ouvrez pas ce lien et changez votre mot de passe : quelqu’un utilise votre compte.
        [change] Vous n’avez rien demandé ? Ignorez ce message : sans ce lien, aucun compte ne prendra cette adresse.
       *[verification] Vous n’avez pas créé de compte ? N’ouvrez pas ce lien : sans lui, l’adresse ne sera pas confirmée.
    }

email-password-notice-subject =
    { $kind ->
        [sign-up] Vous avez déjà un compte
        [moved] Votre compte a une nouvelle adresse
       *[changed] Votre mot de passe a été changé
    }
email-password-notice-intro =
    { $kind ->
        [sign-up] Quelqu’un a voulu créer un compte { $app } avec votre adresse e-mail, qui en a déjà un.
        [moved] Votre compte { $app } a désormais une autre adresse e-mail, qui vient d’être confirmée.
       *[changed] Le mot de passe de votre compte { $app } vient d’être changé.
    }
email-password-notice-you =
    { $kind ->
        [sign-up] Si c’était vous, connectez-vous, ou demandez un nouveau mot de passe si vous l’avez oublié.
        [moved] Si c’était vous, il n’y a rien à faire : connectez-vous avec la nouvelle adresse.
       *[changed] Si c’était vous, il n’y a rien à faire.
    }
email-password-notice-not-you =
    { $kind ->
        [sign-up] Sinon, ignorez ce message : rien n’a changé, et personne n’a appris que ce compte existe.
        [moved] Sinon, écrivez-nous sans attendre : cette adresse n’ouvre plus le compte.
       *[changed] Sinon, demandez sans attendre un nouveau mot de passe : cela ferme toutes les sessions ouvertes.
    }
