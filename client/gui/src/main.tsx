import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app/tokens.css'
import './app/base.css'
createRoot(document.createElement('i')).render(<StrictMode />)
