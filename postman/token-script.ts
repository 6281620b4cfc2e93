/**
 * What Postman runs in front of each call: where the environment names a client, it gets a token and keeps it as long as
 * it is good. Without authentication there is no client, and the server does not look at the empty token.
 */
export const tokenScript: readonly string[] = [
  "const client = pm.variables.get('clientId');",
  "const until = Number(pm.collectionVariables.get('accessTokenUntil'));",
  'if (client && !(Date.now() < until)) {',
  '  const request = {',
  "    grant_type: 'client_credentials',",
  '    client_id: client,',
  "    client_secret: pm.variables.get('clientSecret'),",
  '  };',
  '  pm.sendRequest(',
  '    {',
  "      url: pm.variables.replaceIn('{{baseUrl}}/oauth/token'),",
  "      method: 'POST',",
  "      header: { 'content-type': 'application/json' },",
  "      body: { mode: 'raw', raw: JSON.stringify(request) },",
  '    },',
  '    (error, response) => {',
  '      if (error || response.code !== 200) throw error || new Error(response.text());',
  '      const { access_token: token, expires_in: seconds } = response.json();',
  "      pm.collectionVariables.set('accessToken', token);",
  "      pm.collectionVariables.set('accessTokenUntil', String(Date.now() + (seconds - 10) * 1000));",
  '    },',
  '  );',
  '}',
];
