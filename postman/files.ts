/** The files of this folder, written from the documents of a running server. */
import { collectionOf, type Step } from './collection.ts';
import type { Json } from './document.ts';
import { enrolment, opcpLife } from './life-opcp.ts';
import { opncLife } from './life-opnc.ts';
import { quickStartLife } from './life-quick-start.ts';
import { emptyVariables, environmentOf } from './variables.ts';

interface CollectionFile {
  readonly file: string;
  readonly name: string;
  readonly document: string;
  /** Steps by the document that has their operations. */
  readonly life: readonly (readonly [document: string, steps: readonly Step[]])[];
}

const collections: readonly CollectionFile[] = [
  { file: 'opnc', name: 'plugpool OPNC', document: 'opnc', life: [['opnc', opncLife]] },
  {
    file: 'opcp',
    name: 'plugpool OPCP 1.0',
    document: 'opcp',
    life: [
      ['opcp', enrolment],
      ['opcp', opcpLife],
    ],
  },
  {
    file: 'quick-start',
    name: 'plugpool quick start 2018',
    document: 'quickstart',
    life: [
      ['opcp', enrolment],
      ['quickstart', quickStartLife],
    ],
  },
];

export const collectionNames = collections.map(({ file }) => `${file}.postman_collection.json`);

/** Content by name. */
export async function filesFor(url: string): Promise<Map<string, string>> {
  const read = async (name: string): Promise<Json> => {
    const response = await fetch(`${url}/openapi/${name}.json`);
    return JSON.parse(await response.text());
  };
  const files = new Map<string, string>();
  for (const { file, name, document, life } of collections) {
    const parts = life.map(async ([of, steps]) => ({ document: await read(of), steps }));
    const description = `Made from /openapi/${document}.json by npm run postman; docs/dialects.md says how to use it.`;
    const collection = collectionOf(await read(document), { name, description, life: await Promise.all(parts) });
    files.set(`${file}.postman_collection.json`, written(collection));
  }
  files.set('plugpool.postman_environment.json', written(environmentOf(emptyVariables)));
  return files;
}

export function written(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
