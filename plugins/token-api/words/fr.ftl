token-api-reused-subject = Vous avez été déconnecté par précaution
token-api-reused-intro = Une connexion à votre compte { $app } a servi à deux endroits : elle a peut-être été copiée. Elle est terminée partout : reconnectez-vous. Si cela ne vient pas de vous, changez votre mot de passe.
