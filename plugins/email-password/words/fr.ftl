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
       *[verification] Confirmez votre adresse e-mail
    }
email-password-link-intro =
    { $purpose ->
        [reset] Vous avez demandé à changer le mot de passe de votre compte { $app }. Ouvrez ce lien pour en choisir un nouveau :
       *[verification] Ouvrez ce lien pour confirmer que cette adresse e-mail est bien la vôtre, pour { $app } :
    }
email-password-link-button =
    { $purpose ->
        [reset] Choisir un nouveau mot de passe
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
       *[verification] Vous n’avez pas créé de compte ? N’ouvrez pas ce lien : sans lui, l’adresse ne sera pas confirmée.
    }

email-password-notice-subject =
    { $kind ->
        [sign-up] Vous avez déjà un compte
       *[changed] Votre mot de passe a été changé
    }
email-password-notice-intro =
    { $kind ->
        [sign-up] Quelqu’un a voulu créer un compte { $app } avec votre adresse e-mail, qui en a déjà un.
       *[changed] Le mot de passe de votre compte { $app } vient d’être changé.
    }
email-password-notice-you =
    { $kind ->
        [sign-up] Si c’était vous, connectez-vous, ou demandez un nouveau mot de passe si vous l’avez oublié.
       *[changed] Si c’était vous, il n’y a rien à faire.
    }
email-password-notice-not-you =
    { $kind ->
        [sign-up] Sinon, ignorez ce message : rien n’a changé, et personne n’a appris que ce compte existe.
       *[changed] Sinon, demandez sans attendre un nouveau mot de passe : cela ferme toutes les sessions ouvertes.
    }
