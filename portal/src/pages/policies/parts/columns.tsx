import type { PolicyKind, PolicyObject } from '@api/policies';
import type { Advice } from '@api/posture';
import { t } from '@i18n/t';
import type { TableColumn } from '@ui/Table';
import { exact, when } from '@ui/time';
import { titleOf } from '../search';

const last = (id: string | undefined) => id?.split('/').pop() ?? '–';

const TITLE = (): TableColumn<PolicyObject> => ({
  id: 'title',
  header: t('advice.title'),
  label: t('advice.title'),
  width: 'minmax(220px, 2fr)',
  cell: titleOf,
  title: titleOf,
});

function column(id: string, label: string, width: string, cell: (one: PolicyObject) => string): TableColumn<PolicyObject> {
  return { id, header: label, label, width, cell, title: cell };
}

type Known = ReadonlyMap<string, Advice> | undefined;

const MORE: Record<PolicyKind, (advice: Known) => TableColumn<PolicyObject>[]> = {
  definitions: (advice) => [
    column('category', t('policies.category'), '150px', (one) => one.properties.metadata?.category ?? '–'),
    column('kind', t('policies.type'), '100px', (one) => one.properties.policyType ?? '–'),
    column('judged', t('policies.judgedOn'), '150px', (one) => advice?.get(one.name)?.judgedOn || '–'),
  ],
  initiatives: () => [
    column('category', t('policies.category'), '150px', (one) => one.properties.metadata?.category ?? '–'),
    column('kind', t('policies.type'), '100px', (one) => one.properties.policyType ?? '–'),
  ],
  assignments: () => [
    column('of', t('policies.definition'), 'minmax(120px, 1fr)', (one) => last(one.properties.policyDefinitionId)),
    column('scope', t('policies.scope'), 'minmax(120px, 1fr)', (one) => one.properties.scope ?? '–'),
    column('mode', t('policies.mode'), '120px', (one) => one.properties.enforcementMode ?? '–'),
  ],
  exemptions: () => [
    column('category', t('exempt.kind'), '110px', (one) => one.properties.exemptionCategory ?? '–'),
    column('of', t('policies.assignment'), 'minmax(120px, 1fr)', (one) => last(one.properties.policyAssignmentId)),
    {
      ...column('until', t('exempt.until'), '140px', (one) => when(one.properties.expiresOn)),
      title: (one) => exact(one.properties.expiresOn),
    },
  ],
};

export function policyColumns(kind: PolicyKind, advice: Known): TableColumn<PolicyObject>[] {
  return [TITLE(), ...MORE[kind](advice)];
}
