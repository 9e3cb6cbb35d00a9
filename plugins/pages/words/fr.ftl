# Hosted sign-in pages.

pages-login-or = ou
pages-login-bad-link = Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau.
pages-login-failed = La connexion n’a pas abouti. Réessayez.
pages-login-closed = Aucun moyen de connexion n’est ouvert ici pour le moment.

pages-sign-in-again = Se connecter à nouveau
pages-sign-out = Se déconnecter
pages-signed-in-title = Vous êtes connecté
pages-signed-in-as = Session ouverte pour
pages-signed-in-message = Vous pouvez fermer cette page. Sur un appareil partagé, pensez à vous déconnecter.

## One's own account
pages-account-title = Votre compte
pages-account-open = Gérer mon compte
pages-account-back = Retour au compte
pages-again-title = Confirmez que c’est bien vous
pages-again-message = Votre connexion date un peu. Pour cette action, connectez-vous à nouveau : vous reviendrez ensuite ici.

pages-profile-title = Profil
pages-profile-email = Adresse e-mail
pages-profile-proven = confirmée
pages-profile-unproven = pas encore confirmée
pages-profile-name = Nom
pages-profile-image = Adresse web de votre photo
pages-profile-image-hint = Facultatif. Commence par https://
pages-profile-image-invalid = Cette adresse web semble incomplète. Exemple : https://exemple.fr/photo.jpg
pages-profile-save = Enregistrer
pages-profile-saved = Votre profil est enregistré.

pages-sessions-title = Appareils connectés
pages-sessions-unknown-device = Appareil inconnu
pages-sessions-here = cet appareil
pages-sessions-since = Depuis le
pages-sessions-place = adresse { $place }
pages-sessions-end = Déconnecter
pages-sessions-ended = L’appareil est déconnecté.
pages-sessions-others = Déconnecter tous les autres appareils
pages-sessions-others-ended = Tous les autres appareils sont déconnectés.

pages-deletion-title = Supprimer le compte
pages-deletion-intro = Le compte et tout ce qu’il contient disparaissent. Rien ne peut être récupéré.
pages-deletion-open = Supprimer mon compte…
pages-deletion-warning = Ce compte et tout ce qu’il contient vont disparaître. Rien ne pourra être récupéré.
pages-deletion-by-mail = Pour confirmer, nous envoyons un lien à cette adresse. Le compte n’est supprimé que lorsque vous l’ouvrez.
pages-deletion-password = Votre mot de passe
pages-deletion-password-missing = Saisissez votre mot de passe.
pages-deletion-send-link = Recevoir le lien de confirmation
pages-deletion-submit = Supprimer définitivement
pages-deletion-sent-title = Consultez votre messagerie
pages-deletion-sent-message = Le lien qui supprime le compte est parti. Ouvrez-le dans ce navigateur, où vous êtes connecté :
pages-deleted-title = Compte supprimé
pages-deleted-message = Votre compte et tout ce qu’il contenait ont été supprimés.

## Development mailbox
pages-mailbox-title = Boîte aux lettres
pages-mailbox-intro = Messages qui seraient partis par courrier électronique. Cette page n’existe qu’en développement.
pages-mailbox-reload = Actualiser
pages-mailbox-empty = Aucun message pour l’instant.
pages-mailbox-count =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages, le plus récent en premier
    }
pages-mailbox-code = Code
pages-mailbox-no-code = Sans code
pages-mailbox-to = À
pages-mailbox-at = Le
pages-mailbox-read = Lire le message
