token-api-reused-subject = You were signed out as a precaution
token-api-reused-intro = A sign-in of your { $app } account was used from two places, so it may have been copied. We have ended it in both.
token-api-reused-not-you = Sign in again where you need to. If you cannot think of a second place that is yours, change your password or write to us at once.
