# Sign-in by a link received by e-mail.

## The address
magic-link-email-label = Adresse e-mail
magic-link-email-hint = Nous y envoyons un lien de connexion. Aucun mot de passe à retenir.
magic-link-email-invalid = Cette adresse e-mail semble incomplète. Exemple : prenom.nom@exemple.fr
magic-link-send = Recevoir un lien

## It is on its way
magic-link-sent-title = Consultez votre messagerie
magic-link-sent = Si cette adresse est connue ici, un lien de connexion vient d’y être envoyé :
magic-link-sent-hint = Ouvrez-le de préférence dans ce navigateur. Rien reçu ? Regardez dans les courriers indésirables.
magic-link-again = Demander un nouveau lien

## Behind the link
magic-link-confirm-title = Encore un clic
magic-link-confirm = Vous allez vous connecter avec cette adresse :
magic-link-confirm-elsewhere = Ce lien a été demandé depuis un autre navigateur. Saisissez l’adresse e-mail à laquelle vous l’avez reçu.
magic-link-another-address = Ce n’est pas l’adresse à laquelle ce lien a été envoyé.
magic-link-submit = Se connecter
magic-link-refused-title = Lien inutilisable
magic-link-refused = Ce lien a déjà servi ou n’est plus valable.
magic-link-closed = Aucun compte n’est ouvert avec cette adresse.

## The mail
magic-link-mail-subject = Votre lien de connexion
magic-link-mail-intro = Ouvrez ce lien pour vous connecter à { $app } :
magic-link-mail-button = Me connecter
magic-link-mail-by-hand = Le bouton ne répond pas ? Copiez cette adresse dans votre navigateur :
magic-link-mail-validity =
    { $minutes ->
        [one] Ce lien est valable { $minutes } minute et ne sert qu’une fois.
       *[other] Ce lien est valable { $minutes } minutes et ne sert qu’une fois.
    }
magic-link-mail-not-you = Vous n’avez rien demandé ? Ignorez ce message et n’ouvrez pas ce lien : personne ne se connectera.
