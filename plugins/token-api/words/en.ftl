token-api-reused-subject = You were signed out as a precaution
token-api-reused-intro = A sign-in of your account { $app } was used from two places, so it may have been copied. It has ended everywhere: sign in again. If that was not your doing, change your password.
