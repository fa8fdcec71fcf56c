/** The mark: a pigeon on its way. */
export function Pigeon({ size = 36 }: { readonly size?: number | undefined }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M3 17c4.500.400 7.300-1 9-3.600C13.400 11.200 15.500 8 19.500 8c2.600 0 4.600 1.500 5.200 3.600L29 13l-3.800 1.900C24.600 20.800 20.600 25 14.500 25H8l4.200-3.400C8.600 21.600 5 20.200 3 17Zm19.700-4.800a1.100 1.100 0 1 0-2.200 0 1.100 1.100 0 0 0 2.200 0Z"
      />
    </svg>
  )
}
