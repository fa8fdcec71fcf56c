// Imports of values never run in a circle, and no file lies about that nobody imports. What may import what at all is said by the
// packages themselves (see docs/adding-a-feature.md).
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '(^|/)test/',
          '\\.d\\.ts$',
          '(^|/)[^/]*\\.config\\.[cm]?[jt]s$',
          '(^|/)(main|admin|init|worker|service-worker|echo-server)\\.ts$',
          '/public/',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
}
