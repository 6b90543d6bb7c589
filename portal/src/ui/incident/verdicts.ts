/** The five verdicts, in the order of their keys 1 to 5. */
import type { Classification, ClassificationReason } from '@api/types';
import type { MessageKey } from '@i18n/t';

export interface Verdict {
  id: string;
  classification: Classification;
  reason: ClassificationReason | null;
  title: MessageKey;
  note: MessageKey;
}

export const VERDICTS: readonly Verdict[] = [
  { id: '1', classification: 'TruePositive', reason: 'SuspiciousActivity', title: 'verdict.true', note: 'verdict.trueNote' },
  { id: '2', classification: 'BenignPositive', reason: 'SuspiciousButExpected', title: 'verdict.benign', note: 'verdict.benignNote' },
  { id: '3', classification: 'FalsePositive', reason: 'IncorrectAlertLogic', title: 'verdict.logic', note: 'verdict.logicNote' },
  { id: '4', classification: 'FalsePositive', reason: 'InaccurateData', title: 'verdict.data', note: 'verdict.dataNote' },
  { id: '5', classification: 'Undetermined', reason: null, title: 'verdict.open', note: 'verdict.openNote' },
];

export function verdictOf(classification: Classification | null | undefined, reason: string | null | undefined): Verdict | undefined {
  return (
    VERDICTS.find((one) => one.classification === classification && (one.reason ?? null) === (reason ?? null)) ??
    VERDICTS.find((one) => one.classification === classification)
  );
}
