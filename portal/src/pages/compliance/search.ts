import type { RawSearch } from '@app/search';

export interface ComplianceSearch {
  standard?: string;
  control?: string;
}

export function validateComplianceSearch(raw: RawSearch): ComplianceSearch {
  return { standard: raw['standard'], control: raw['control'] };
}
