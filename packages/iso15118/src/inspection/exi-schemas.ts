import { appProtocol, iso15118_2, iso15118_20Common, type SchemaSet, xmldsig } from '@plugpool/exi';

/** Schema sets under the names that the command line has for them. */
export const exiSchemas = {
  'iso15118-2': iso15118_2,
  'iso15118-20-common': iso15118_20Common,
  'app-protocol': appProtocol,
  xmldsig,
} as const satisfies Record<string, SchemaSet>;

export type ExiSchemaName = keyof typeof exiSchemas;
export const exiSchemaNames: readonly ExiSchemaName[] = ['iso15118-2', 'iso15118-20-common', 'app-protocol', 'xmldsig'];
