export function QuickSwitcher(_: { readonly onClose: () => void }) {
  return <i />
}
