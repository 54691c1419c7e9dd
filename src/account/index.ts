export { AccountQueueFullError, AccountWaitError } from './account-order.ts';
export type { Place } from './account-order.ts';
export { CredentialsError, masterCredentials, userCredentials } from './credentials.ts';
export type { AccountCredentials, CredentialsSource, Environment } from './credentials.ts';
export { keyFingerprint } from './key-fingerprint.ts';
export { KeyState, keyStateOf } from './key-state.ts';
export type { CallIdentity, OtpSource } from './otp-source.ts';
export { RATE_TIERS, RateBudgetWaitError } from './rate-budget.ts';
export type { RateLimits, RateTier } from './rate-budget.ts';
