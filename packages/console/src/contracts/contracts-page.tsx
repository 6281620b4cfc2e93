import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';

export function ContractsPage() {
  return <PageHead title={texts.contracts.title} />;
}
