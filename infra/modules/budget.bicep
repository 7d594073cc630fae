// What all of ours may cost in a month, before somebody is told.

@description('How much, in the currency of the subscription.')
@minValue(1)
param amount int

@description('Who is told.')
@minLength(1)
param emails array

@description('The first day of a month, from which on it counts, as 2026-01-01. It cannot be another one later.')
param startDate string

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'bastion-archivist'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
      }
      expected: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
      }
    }
  }
}
