# PowerShell completion for gradcli; made by `gradcli completions powershell`, do not edit
Register-ArgumentCompleter -Native -CommandName gradcli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $flags = @{
        'grad' = @('--at', '--sweep', '--points', '--wrt', '--file', '--json', '--csv', '--plain', '--digits', '--named', '--accumulate', '--check', '--max-operations', '--debug', '--no-check', '-h', '--help')
        'eval' = @('--at', '--sweep', '--points', '--file', '--json', '--csv', '--plain', '--digits', '--named', '--accumulate', '--max-operations', '--debug', '-h', '--help')
        'graph' = @('--at', '--wrt', '--file', '--gradient', '--dot', '--mermaid', '--json', '--max-operations', '--debug', '-h', '--help')
        'check' = @('--at', '--sweep', '--points', '--wrt', '--file', '--json', '--timeout', '--max-operations', '--debug', '-h', '--help')
        'functions' = @('--json', '--debug', '-h', '--help')
        'completions' = @('--debug', '-h', '--help')
    }
    $words = @{
        'grad' = @()
        'eval' = @()
        'graph' = @()
        'check' = @()
        'functions' = @('abs', 'absolute', 'acos', 'acosh', 'add', 'arccos', 'arccosh', 'arcsin', 'arcsinh', 'arctan', 'arctan2', 'arctanh', 'around', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'ceil', 'clamp', 'clip', 'cos', 'cosh', 'cot', 'coth', 'csc', 'csch', 'deg2rad', 'degrees', 'detach', 'digamma', 'div', 'divide', 'elu', 'eq', 'equal', 'erf', 'erf_slope', 'erfc', 'erfinv', 'exp', 'exp10', 'exp2', 'expit', 'expm1', 'fabs', 'fix', 'float_power', 'floor', 'fmod', 'frac', 'gamma', 'gammaln', 'ge', 'gelu', 'greater', 'greater_equal', 'gt', 'heaviside', 'hypot', 'hypot1', 'le', 'leaky_relu', 'less', 'less_equal', 'lgamma', 'ln', 'log', 'log10', 'log1p', 'log2', 'log_base', 'log_expit', 'log_sigmoid', 'logaddexp', 'loggamma', 'logical_and', 'logical_not', 'logical_or', 'logit', 'logsigmoid', 'lt', 'max', 'maximum', 'min', 'minimum', 'mod', 'mul', 'multiply', 'ndtr', 'ne', 'neg', 'negative', 'norm_pdf', 'not_equal', 'over_squares', 'polygamma', 'positive', 'pow', 'power', 'psi', 'rad2deg', 'radians', 'reciprocal', 'relu', 'remainder', 'rint', 'round', 'rsqrt', 'sec', 'sech', 'sgn', 'sigmoid', 'sign', 'silu', 'sin', 'sinc', 'sinc_derivative', 'sinh', 'softplus', 'softsign', 'sqrt', 'square', 'stop_gradient', 'sub', 'subtract', 'swish', 'tan', 'tanh', 'true_divide', 'trunc', 'where', 'xlogy')
        'completions' = @('bash', 'zsh', 'fish', 'powershell')
    }
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $previous = if ($before.Count) { $before[-1] } else { '' }
    if (@('--points', '--file') -contains $previous) {
        return [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }
    if (@('--at', '--sweep', '--wrt', '--digits', '--max-operations', '--timeout') -contains $previous) { return }
    if ($before.Count -le 1) {
        $offered = @('grad', 'eval', 'graph', 'check', 'functions', 'completions')
        $dashed = @('-h', '--help', '--version')
    } else {
        $offered = $words[$before[1]]
        $dashed = $flags[$before[1]]
    }
    if ($wordToComplete -like '-*') { $offered = $dashed }
    $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
