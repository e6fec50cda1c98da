// This file is what the forms of provider accounts and bounce mailboxes say about the ways to log in there.
import { catalogue } from './words.ts';

export const logInWords = catalogue({
  logIn: ['Log-in', 'Anmeldung'],
  logInPassword: ['with a password', 'mit einem Passwort'],
  logInRefresh: [
    'with access tokens: a person signed in (refresh token)',
    'mit Zugriffstoken: ein Mensch hat sich angemeldet (Refresh-Token)',
  ],
  logInClient: [
    'with access tokens: the application itself (client credentials)',
    'mit Zugriffstoken: die Anwendung selbst (Client Credentials)',
  ],
  tokenUrl: ['Token endpoint', 'Token-Endpunkt'],
  tokenUrlHint: [
    'Google: https://oauth2.googleapis.com/token. Microsoft 365: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token with the id of your directory.',
    'Google: https://oauth2.googleapis.com/token. Microsoft 365: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token mit der Kennung Ihres Verzeichnisses.',
  ],
  clientId: ['Client id', 'Client-ID'],
  clientIdHint: ['Of the application you registered there.', 'Der Anwendung, die Sie dort registriert haben.'],
  scope: ['Scope', 'Berechtigung (Scope)'],
  scopeHint: [
    'Microsoft 365, the application itself: https://outlook.office365.com/.default. Else mostly empty.',
    'Microsoft 365, die Anwendung selbst: https://outlook.office365.com/.default. Sonst meist leer.',
  ],
  refreshToken: ['Refresh token', 'Refresh-Token'],
  refreshTokenHint: [
    'What the provider gave when a person signed in. If it is replaced, the new one is kept by itself.',
    'Was der Anbieter gab, als sich ein Mensch anmeldete. Wird er ersetzt, so wird der neue von selbst verwahrt.',
  ],
  clientSecret: ['Client secret', 'Client-Geheimnis'],
  clientSecretHint: ['Where the application has one.', 'Wo die Anwendung eines hat.'],
});
