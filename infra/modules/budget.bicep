// Monthly budget of our resource group, with mails to the recipients.

@description('Amount per month, in the currency of the subscription.')
@minValue(1)
param amount int

@description('Mail addresses of the recipients.')
@minLength(1)
param emails array

@description('First day of a month, for example 2026-12-01. Required; Azure refuses a later change.')
@minLength(10)
@maxLength(10)
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
