import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';

export function VehiclePage() {
  return <PageHead title={texts.vehicles.title} />;
}
