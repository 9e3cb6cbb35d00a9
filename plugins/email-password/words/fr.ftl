# Sign-in with an address and a password.

## The form
email-password-email-label = Adresse e-mail
email-password-address-or-name-label = Adresse e-mail ou identifiant
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

## Signing up
email-password-sign-up-link = Créer un compte
email-password-sign-up-title = Créer un compte
email-password-sign-up-submit = Créer mon compte
email-password-sign-up-closed-title = Inscriptions fermées
email-password-sign-up-closed = Il n’est pas possible de créer un compte ici. Si vous en avez déjà un, connectez-vous.
email-password-name-label = Nom
email-password-name-optional = Nom (facultatif)
email-password-name-missing = Saisissez votre nom.
email-password-new-label = Nouveau mot de passe
email-password-new-missing = Choisissez un mot de passe.
email-password-new-hint =
    { $least ->
        [one] Au moins { $least } caractère. Une phrase entière convient très bien.
       *[other] Au moins { $least } caractères. Une phrase entière convient très bien.
    }
email-password-have-account = Vous avez déjà un compte ?
email-password-to-login = Se connecter
email-password-made = C’est fait. Connectez-vous avec votre adresse et votre mot de passe.

## A forgotten password
email-password-forgot-link = Mot de passe oublié ?
email-password-forgot-title = Mot de passe oublié
email-password-forgot-intro = Nous vous envoyons un lien pour en choisir un nouveau.
email-password-forgot-submit = Recevoir le lien
email-password-sent-title = Consultez votre messagerie
email-password-forgot-sent = Si un compte a cette adresse, un lien vient d’y être envoyé :
email-password-sent-hint = Rien reçu ? Regardez dans les courriers indésirables, et vérifiez l’adresse.
email-password-ask-again = Demander un nouveau lien
email-password-reset-title = Nouveau mot de passe
email-password-reset-intro = Choisissez un nouveau mot de passe. Les autres appareils seront déconnectés.
email-password-reset-submit = Enregistrer et me connecter
email-password-reset-stale = Ce lien a déjà servi ou n’est plus valable. Si vous venez de changer votre mot de passe, c’est fait ; sinon, demandez un nouveau lien.
email-password-reset-done = Votre mot de passe est changé. Connectez-vous avec le nouveau.

## Proving an address
email-password-verify-title = Confirmer l’adresse
email-password-verify-sent = Si tout est en ordre, un message vient de partir à cette adresse. Ouvrez le lien qu’il contient. Rien reçu ? Demandez-en un autre :
email-password-verify-ask = Nous envoyons à votre adresse un lien pour la confirmer.
email-password-verify-submit = Recevoir un lien de confirmation
email-password-verify-expired = Ce lien de confirmation a expiré. Demandez-en un autre.
email-password-verify-stale = Ce lien de confirmation n’est pas valable. Demandez-en un autre.
email-password-sent-again = Demande prise en compte : si l’adresse est à confirmer, un lien vient d’y partir.
email-password-proven-title = Adresse confirmée
email-password-proven = Merci : votre adresse e-mail est confirmée.
email-password-go-on = Continuer

## In one's own account
email-password-unproven = Cette adresse n’est pas encore confirmée.
email-password-none = Ce compte n’a pas de mot de passe.
email-password-change = Changer le mot de passe
email-password-set-first = Choisir un mot de passe
email-password-change-intro = Les autres appareils seront déconnectés.
email-password-current-label = Mot de passe actuel
email-password-show-current = Afficher le mot de passe actuel
email-password-change-submit = Enregistrer
email-password-changed = Votre mot de passe est changé. Les autres appareils sont déconnectés.
email-password-set = Votre mot de passe est enregistré.
email-password-change-email = Changer d’adresse
email-password-change-email-title = Changement d’adresse
email-password-change-email-now = Adresse actuelle :
email-password-new-email-label = Nouvelle adresse e-mail
email-password-change-email-submit = Recevoir le lien
email-password-change-sent-old = Pour approuver le changement, ouvrez dans ce navigateur le lien envoyé à votre adresse actuelle :
email-password-change-sent-new = Si la nouvelle adresse est libre, un lien vient d’y partir. Ouvrez-le dans ce navigateur.
email-password-approved = C’est noté. Ouvrez maintenant, dans ce navigateur, le lien envoyé à la nouvelle adresse.
email-password-moved = Votre compte a désormais cette adresse :
email-password-change-elsewhere = Ce lien ne fonctionne que dans le navigateur où vous êtes connecté à ce compte. Connectez-vous, puis ouvrez-le à nouveau.
email-password-change-taken = Cette adresse n’est plus libre. Votre compte garde la sienne.
email-password-change-stale = Ce lien n’est plus valable. Demandez le changement à nouveau depuis votre compte.
email-password-to-account = Aller à mon compte

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

email-password-changed-subject = Votre mot de passe a été changé
email-password-changed-intro = Le mot de passe de votre compte { $app } vient d’être changé.
email-password-changed-not-you = Si c’était vous, il n’y a rien à faire. Sinon, demandez sans attendre un nouveau mot de passe : cela ferme toutes les sessions ouvertes.

email-password-moved-subject = Votre compte a une nouvelle adresse
email-password-moved-intro = Votre compte { $app } a désormais une autre adresse e-mail, qui vient d’être confirmée.
email-password-moved-not-you = Si c’était vous, il n’y a rien à faire : connectez-vous avec la nouvelle adresse. Sinon, écrivez-nous sans attendre : cette adresse n’ouvre plus le compte.

email-password-taken-subject = Vous avez déjà un compte
email-password-taken-intro = Quelqu’un a voulu créer un compte { $app } avec votre adresse e-mail, qui en a déjà un.
email-password-taken-not-you = Si c’était vous, connectez-vous, ou demandez un nouveau mot de passe si vous l’avez oublié. Sinon, ignorez ce message : rien n’a changé, et personne n’a appris que ce compte existe.
