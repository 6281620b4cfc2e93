/** The token endpoint as the document of the OPCP has it. */

import type { Operation } from '../../http/operation.ts';
import { Type } from '../../http/schema-builders.ts';

const TokenRequest = Type.Object(
  {
    client_id: Type.Optional(Type.String({ description: 'May stand in Basic authorization instead.' })),
    client_secret: Type.Optional(Type.String()),
    grant_type: Type.Literal('client_credentials'),
    audience: Type.Optional(Type.String({ description: 'The public URL of the server where it is left out.' })),
    scope: Type.Optional(Type.String()),
  },
  { title: 'TokenRequest' },
);

const Token = Type.Object(
  {
    access_token: Type.String({ description: 'A JSON Web Token.' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds.' }),
    scope: Type.String(),
  },
  { title: 'Token' },
);

/** RFC 6749 §5.2, and the members of every error here. */
const TokenRefused = Type.Object(
  {
    error: Type.String({ examples: ['invalid_client'] }),
    error_description: Type.String(),
    errorMessages: Type.Array(Type.String()),
    traceId: Type.String({ format: 'uuid' }),
  },
  { title: 'TokenRefused' },
);

export const tokenOperation: Operation = {
  method: 'POST',
  path: '/oauth/token',
  operation: 'issue-token',
  summary: 'Gives a party an access token for its client id and secret',
  shapes: { body: TokenRequest },
  flatBody: false,
  bodyTypes: ['application/json', 'application/x-www-form-urlencoded'],
  answers: { 200: Token, 400: TokenRefused, 401: TokenRefused },
  refusals: [],
  deprecated: false,
};
