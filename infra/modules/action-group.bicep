// Who hears of alerts.

@description('The name of the action group.')
param name string

@description('What all our resources are labelled with.')
param tags object

@description('Their mail addresses.')
param emails array

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'archivist'
    enabled: true
    emailReceivers: [for (email, index) in emails: {
      name: 'email-${index}'
      emailAddress: email
      useCommonAlertSchema: true
    }]
  }
}

@description('Its resource id.')
output id string = group.id
