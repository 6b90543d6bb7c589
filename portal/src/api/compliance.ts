/** Standards, their controls, and what was checked under each: regulatoryComplianceStandards. */
import { queryOptions } from '@tanstack/react-query';
import { FRESH, everyPage, security } from './posture';
import type { Severity } from './types';

const COMPLIANCE = { 'api-version': '2019-01-01-preview' };

export interface Standard {
  name: string;
  properties: {
    displayName: string;
    description?: string;
    policySetDefinitionId?: string;
    state: string;
    passedControls: number;
    failedControls: number;
    skippedControls: number;
    unsupportedControls: number;
  };
}
export interface StandardControl {
  id: string;
  name: string;
  properties: {
    description: string;
    details?: string;
    state: string;
    passedAssessments: number;
    failedAssessments: number;
    skippedAssessments: number;
    unsupportedAssessments?: number;
  };
}
export interface ControlAssessment {
  name: string;
  properties: {
    description: string;
    state: string;
    severity?: Severity;
    passedResources: number;
    failedResources: number;
    skippedResources: number;
    unsupportedResources: number;
    awaitsAttestationResources?: number;
  };
}

export const standardsQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Security', 'standards', subscription],
    queryFn: ({ signal }) => everyPage<Standard>(security(subscription, 'regulatoryComplianceStandards'), COMPLIANCE, signal),
    staleTime: FRESH,
  });

const standardPath = (subscription: string, standard: string) => security(subscription, `regulatoryComplianceStandards/${encodeURIComponent(standard)}`);

export const standardControlsQuery = (subscription: string, standard: string) =>
  queryOptions({
    queryKey: ['Security', 'standardControls', subscription, standard],
    queryFn: ({ signal }) => everyPage<StandardControl>(`${standardPath(subscription, standard)}/regulatoryComplianceControls`, COMPLIANCE, signal),
    staleTime: FRESH,
  });

export const controlAssessmentsQuery = (subscription: string, standard: string, control: string) =>
  queryOptions({
    queryKey: ['Security', 'controlAssessments', subscription, standard, control],
    queryFn: ({ signal }) =>
      everyPage<ControlAssessment>(
        `${standardPath(subscription, standard)}/regulatoryComplianceControls/${encodeURIComponent(control)}/regulatoryComplianceAssessments`,
        COMPLIANCE,
        signal,
      ),
    staleTime: FRESH,
  });

export const exportAddress = (subscription: string, standard: string, format: 'csv' | 'pdf') =>
  `${standardPath(subscription, standard)}/export?api-version=${COMPLIANCE['api-version']}&format=${format}`;
