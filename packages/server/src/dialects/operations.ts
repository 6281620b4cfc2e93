/** All that the dialects serve, EST included, for whoever describes it. */
import type { Ecosystem } from '../ecosystem.ts';
import type { Operation } from '../http/operation.ts';
import { opcpEstOperations, opncEstOperations } from '../protocols/est/est-operations.ts';
import { opcpRoutes } from './opcp/routes.ts';
import { OPNC_PREFIX, opncRoutes } from './opnc/routes.ts';
import { QUICK_START_PREFIX, quickStartRoutes } from './quickstart/routes.ts';

/** The operations of each dialect, with their whole paths. */
export function dialectOperations(ecosystem: Ecosystem) {
  return {
    opnc: [...below(OPNC_PREFIX, opncRoutes(ecosystem)), ...opncEstOperations],
    opcp: [...opcpRoutes(ecosystem), ...opcpEstOperations],
    quickstart: below(QUICK_START_PREFIX, quickStartRoutes(ecosystem)),
  };
}

function below(prefix: string, operations: readonly Operation[]): Operation[] {
  return operations.map((operation) => ({ ...operation, path: prefix + operation.path }));
}
