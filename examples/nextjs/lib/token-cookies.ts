/** The names that `tokenSession` gives the refresh token's cookie, without and with https. */
export const REFRESH_COOKIES = ["guichet.refresh_token", "__Host-guichet.refresh_token"];
