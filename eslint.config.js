import { readFileSync } from 'node:fs'
import tseslint from 'typescript-eslint'
import reactHooks from 'eslint-plugin-react-hooks'

/** The same projects as the build: sources by their package, tests by one project of their own. */
const { references } = JSON.parse(readFileSync(new URL('tsconfig.json', import.meta.url), 'utf8'))
const projects = references.map(({ path }) => (path.endsWith('.json') ? path : `${path}/tsconfig.json`))

/** What the compiler cannot see: forgotten promises, switches that miss a case, and React's rules. */
export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.cache/**', 'data/**', 'patches/**'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'max-depth': ['error', 4],
      'no-eval': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['client/gui/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Content is built as nodes, never as HTML.' },
        { property: 'outerHTML', message: 'Content is built as nodes, never as HTML.' },
        { property: 'insertAdjacentHTML', message: 'Content is built as nodes, never as HTML.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Content is built as nodes, never as HTML.',
        },
      ],
    },
  },
  {
    // configuration files are read by their tools, which want a default export
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
)
