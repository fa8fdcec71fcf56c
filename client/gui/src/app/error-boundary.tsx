import { TriangleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { appTexts } from './texts.ts'

interface ErrorBoundaryProps {
  readonly children: ReactNode
  /** Another value (another place) is another attempt. */
  readonly place: string
}
interface ErrorBoundaryState {
  readonly failed: boolean
}

/** A part that fails says so with a next step, and leaves the rest of the window alone. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false }

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { failed: true }
  }

  override componentDidUpdate(before: ErrorBoundaryProps): void {
    if (this.state.failed && before.place !== this.props.place) this.setState({ failed: false })
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return <Broken onRetry={() => this.setState({ failed: false })} />
  }
}

function Broken({ onRetry }: { readonly onRetry: () => void }) {
  const texts = useTexts(appTexts)
  return (
    <EmptyState
      icon={<TriangleAlert />}
      title={texts.brokenTitle}
      actions={
        <>
          <Button onClick={onRetry}>{texts.retry}</Button>
          <Button variant="primary" onClick={() => location.reload()}>
            {texts.reload}
          </Button>
        </>
      }
    >
      {texts.brokenText}
    </EmptyState>
  )
}
