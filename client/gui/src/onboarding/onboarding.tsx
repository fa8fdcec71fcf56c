export interface OnboardingProps { readonly session: unknown; readonly inviteCode: string | undefined }
export function Onboarding(_: OnboardingProps) { return <main /> }
