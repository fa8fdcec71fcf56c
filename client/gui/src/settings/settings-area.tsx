export interface SettingsAreaProps { readonly section: unknown }
export function SettingsArea(_: SettingsAreaProps) { return <main /> }
