# Une connexion depuis un appareil nouveau pour le compte.
known-devices-new-subject = Connexion à votre compte depuis un nouvel appareil – { $app }
known-devices-new-intro = Une connexion à votre compte { $app } vient d’avoir lieu depuis un appareil qui n’avait pas encore servi.
known-devices-new-not-you = Si c’était vous, il n’y a rien à faire. Sinon, quelqu’un sait entrer : déconnectez cet appareil, puis changez ce qui lui a servi à entrer, ou écrivez-nous sans attendre.
known-devices-to-account = Voir et déconnecter vos appareils :
known-devices-to-reset = Choisir un nouveau mot de passe, ce qui déconnecte tous les appareils :
