// Recipients of alerts.

@description('Name of the action group.')
param name string

@description('Tags of all our resources.')
param tags object

@description('Mail addresses.')
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

@description('Resource id of the created resource.')
output id string = group.id
