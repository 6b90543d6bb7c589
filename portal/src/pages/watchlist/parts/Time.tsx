import type { WatchlistItem } from '@api/watchlists';
import { t } from '@i18n/t';
import { when } from '@ui/time';

/** Who changed it last, and when. */
export function Time({ item }: { item: WatchlistItem }) {
  return <span>{t('watchlist.changedOn', { who: item.properties.updatedBy?.name || t('someone'), when: when(item.properties.updated) })}</span>;
}
