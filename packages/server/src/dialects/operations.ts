/** All that the dialects serve, EST included, for whoever describes it. */
import type { Ecosystem } from '../ecosystem.ts';
import type { Operation } from '../http/operation.ts';
import { opcpEstOperations, opncEstOperations } from '../protocols/est/est-operations.ts';
import { tokenOperation } from '../protocols/oauth/token-operation.ts';
import { opcpRoutes } from './opcp/routes.ts';
import { OPNC_PREFIX, opncRoutes } from './opnc/routes.ts';
import { QUICK_START_PREFIX, quickStartRoutes } from './quickstart/routes.ts';

/** The operations of each dialect, with their whole paths. */
export function dialectOperations(ecosystem: Ecosystem) {
  return {
    opnc: [...below(OPNC_PREFIX, opncRoutes(ecosystem)), ...opncEstOperations],
    opcp: [...opcpRoutes(ecosystem).flatMap(withHead), ...opcpEstOperations, tokenOperation],
    quickstart: below(QUICK_START_PREFIX, quickStartRoutes(ecosystem)),
  };
}

/** Every GET can be asked with HEAD; the one that clients of the field ask for is in the document. */
function withHead(operation: Operation): Operation[] {
  if (operation.operation !== 'getOEMProvCert') return [operation];
  const summary = 'Says whether a vehicle is known';
  return [operation, { ...operation, method: 'HEAD', operation: 'headOEMProvCert', summary, answers: { 200: null } }];
}

function below(prefix: string, operations: readonly Operation[]): Operation[] {
  return operations.map((operation) => ({ ...operation, path: prefix + operation.path }));
}
