/** Path on which the credentials below are exchanged for a token. */
export const tokenPath = '/token'

/** What any client gets: the stand-in looks at no token. */
export const tokenResponse = { access_token: 'local', token_type: 'Bearer', expires_in: 86_400 }

/**
 * Application default credentials that never leave the machine. The official BigQuery client authenticates even
 * when BIGQUERY_EMULATOR_HOST is set: without these it would use the developer's own credentials, or look for a
 * metadata server. Of the kinds google-auth-library knows, this one lets the file name the token's server.
 */
export function localCredentials(origin: string): unknown {
  return {
    type: 'external_account_authorized_user',
    audience: '//iam.googleapis.com/locations/global/workforcePools/local/providers/local',
    client_id: 'local',
    client_secret: 'local',
    refresh_token: 'local',
    token_url: `${origin}${tokenPath}`,
    token_info_url: `${origin}${tokenPath}`,
  }
}
