import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';

export function InspectorPage() {
  return <PageHead title={texts.inspector.title} />;
}
