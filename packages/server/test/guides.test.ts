/** The guides of the roles are run as they are written. */
import { describeDocument, readDocument } from './walked-document.ts';

for (const role of ['oem', 'emsp', 'cpo', 'tester']) {
  describeDocument(`guides/${role}.md`, await readDocument(`guides/${role}.md`));
}
