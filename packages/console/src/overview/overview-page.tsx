import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';

export function OverviewPage() {
  return <PageHead title={texts.overview.title} />;
}
