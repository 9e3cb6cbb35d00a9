token-api-reused-subject = Vous avez été déconnecté par précaution
token-api-reused-intro = Une connexion à votre compte { $app } a servi à deux endroits : elle a peut-être été copiée. Nous y avons mis fin des deux côtés.
token-api-reused-not-you = Reconnectez-vous là où vous en avez besoin. Si vous ne voyez pas quel second endroit serait le vôtre, changez votre mot de passe ou écrivez-nous sans attendre.
