# Words shared by every page and every mail.

## Layout
core-skip-to-content = Aller au contenu
core-language = Langue
core-footer-safety = Personne chez { $app } ne vous demandera un code ou un mot de passe, ni par téléphone, ni par message.
core-please-wait = Un instant…

## Forms
core-missing-field = Ce compte ne peut pas être créé ici : le champ « { $field } » est obligatoire
core-limited =
    { $seconds ->
        [one] Trop d’essais. Réessayez dans { $seconds } seconde.
       *[other] Trop d’essais. Réessayez dans { $seconds } secondes.
    }
core-limited-over = Vous pouvez réessayer.
core-show-password = Afficher le mot de passe

## Mails
core-mail-footer = Message automatique de { $app }. Il est inutile d’y répondre.

core-delete-account-subject = Confirmez la suppression de votre compte
core-delete-account-intro = Vous avez demandé à supprimer votre compte { $app }, avec tout ce qu’il contient. Ouvrez ce lien pour confirmer :
core-delete-account-button = Supprimer définitivement mon compte
core-delete-account-by-hand = Le bouton ne répond pas ? Copiez cette adresse dans votre navigateur :
core-delete-account-where = Le lien ne fonctionne que dans le navigateur où vous êtes connecté.
core-delete-account-validity =
    { $hours ->
        [one] Il est valable { $hours } heure et ne sert qu’une fois. Ce qui est supprimé ne peut pas être récupéré.
       *[other] Il est valable { $hours } heures et ne sert qu’une fois. Ce qui est supprimé ne peut pas être récupéré.
    }
core-delete-account-not-you = Vous n’avez rien demandé ? N’ouvrez pas ce lien et déconnectez vos appareils : quelqu’un utilise votre compte.

## Notices of security
core-notice-hello = Bonjour,
core-notice-hello-name = Bonjour { $name },
core-notice-when = Le { $moment } (UTC), depuis { $device }.
core-notice-unknown-device = un appareil inconnu
core-notice-device-at = { $device } (adresse { $place })
core-notice-operator = chez nous : un de nos opérateurs l’a fait
core-notice-not-you = Si c’était vous, il n’y a rien à faire. Sinon, changez votre mot de passe ou écrivez-nous sans attendre.
core-password-set-subject = Votre mot de passe a été changé
core-password-set-intro = Le mot de passe de votre compte { $app } a été remplacé, et vous avez été déconnecté partout.
core-authenticator-removed-subject = Un moyen de connexion a été retiré de votre compte
core-authenticator-removed-intro = Retiré de votre compte { $app } : { $what }. Vous avez été déconnecté partout.
core-authenticator-removed-not-you = Si vous l’aviez demandé, ou si nous vous l’avions annoncé, il n’y a rien à faire. Sinon, écrivez-nous sans attendre.

## Session closed
core-signed-out-title = Vous êtes déconnecté
core-signed-out-message = Votre session est fermée sur cet appareil. Vous pouvez quitter cette page sans crainte.

## Errors
core-error-prefix = Erreur :
core-error-home = Revenir à l’accueil
core-error-code = Code de l’erreur
core-error-request = Référence à nous communiquer

core-error-title = Quelque chose n’a pas fonctionné
core-error-message = L’erreur vient de notre côté et nous l’avons enregistrée. Réessayez dans quelques instants.
core-error-not-found-title = Page introuvable
core-error-not-found-message = Cette adresse ne mène nulle part. Vérifiez-la, ou repartez de l’accueil.
core-error-bad-request-title = Demande incomprise
core-error-bad-request-message = La demande reçue est incomplète ou mal formée. Reprenez depuis le début.
core-error-forbidden-title = Accès refusé
core-error-forbidden-message = Vous n’avez pas le droit d’ouvrir cette page.
core-error-method-title = Action impossible ici
core-error-method-message = Cette adresse ne répond pas à ce type de demande.
core-error-too-large-title = Envoi trop volumineux
core-error-too-large-message = La demande dépasse la taille acceptée.
core-error-expired-link-title = Lien expiré
core-error-origin-title = Envoi refusé
core-error-origin-message = Cette demande ne vient pas de cette page. Par sécurité, elle n’a pas été traitée.
core-error-unavailable-title = Service momentanément indisponible
core-error-unavailable-message = Trop de personnes se présentent en même temps. Réessayez dans quelques instants.
core-error-too-many-title = Trop de demandes
core-error-too-many-message =
    { $seconds ->
        [one] Par sécurité, patientez { $seconds } seconde avant de réessayer.
       *[other] Par sécurité, patientez { $seconds } secondes avant de réessayer.
    }
