import type { Standing } from '@api/assessments';
import type { RawSearch } from '@app/search';

export interface RecommendationSearch {
  tab?: Standing;
  /** The resource whose proof is shown. */
  res?: string;
}

export function validateRecommendationSearch(raw: RawSearch): RecommendationSearch {
  return { tab: raw['tab'] as Standing | undefined, res: raw['res'] };
}
