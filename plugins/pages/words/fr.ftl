# Hosted sign-in pages.

pages-login-or = ou
pages-login-closed = Aucun moyen de connexion n’est ouvert ici pour le moment.

pages-sign-in-again = Se connecter à nouveau
pages-sign-out = Se déconnecter
pages-signed-in-title = Vous êtes connecté
pages-signed-in-as = Session ouverte pour
pages-signed-in-message = Vous pouvez fermer cette page. Sur un appareil partagé, pensez à vous déconnecter.

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
