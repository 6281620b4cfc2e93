import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';

export function RootsPage() {
  return <PageHead title={texts.roots.title} />;
}
