export interface ContactsAreaProps { readonly account: unknown; readonly userName: string | undefined }
export function ContactsArea(_: ContactsAreaProps) { return <main /> }
