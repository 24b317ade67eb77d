/** How a person makes a new login, as a part of a sentence. */
export const logInCommand =
  '"codex login --device-auth" in a separate CODEX_HOME; where device login is switched off, plain "codex login", which opens a browser'

/** The way out where only a new login helps; whole sentences. */
export const logInAnew = `Log in again (${logInCommand}) and replace the secret that auth-json comes from.`

/** The way out where the secret holds no login. */
export const logInFirst = `Log in (${logInCommand}) and put that whole auth.json into the secret that auth-json comes from.`
