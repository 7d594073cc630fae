// Demo with new resources only: a network, a Premium bastion that records, an account for its recordings, and the
// archivist. A Premium bastion costs money every hour, used or not.
targetScope = 'subscription'

@description('Name of this environment, part of all resource names.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('Region of all resources.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Address range of the network with the bastion, at least a /24. Put machines into the subnet machines.')
param networkAddressPrefix string = '10.91.0.0/24'

@description('Mail addresses of the recipients of alerts; without one there are no alert rules.')
param alertEmails array = []

var abbreviations = loadJsonContent('../abbreviations.json')

var token = uniqueString(subscription().id, environmentName, location, 'demo')

var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}-bastion-${environmentName}'
  location: location
  tags: tags
}

module bastion 'modules/bastion.bicep' = {
  name: 'bastion'
  scope: group
  params: {
    name: '${abbreviations.bastionHost}-${token}'
    networkName: '${abbreviations.virtualNetwork}-${token}'
    publicAddressName: '${abbreviations.publicAddress}-${token}'
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
  }
}

module recordings 'modules/recordings.bicep' = {
  name: 'recordings'
  scope: group
  params: {
    name: '${abbreviations.storageAccount}rec${token}'
    location: location
    tags: tags
  }
}

module archivist '../main.bicep' = {
  name: 'archivist-demo-${token}'
  params: {
    environmentName: environmentName
    location: location
    bastions: [
      {
        resourceId: bastion.outputs.id
        recordingsAccountId: recordings.outputs.id
        recordingsContainer: recordings.outputs.container
        auditAccountId: recordings.outputs.id
      }
    ]
    topicNames: {}
    changeAlarmTopicNames: {}
    bastionDiagnostics: ['${abbreviations.bastionHost}-${token}']
    corsOrigins: { '${abbreviations.storageAccount}rec${token}': ['https://${bastion.outputs.dnsName}'] }
    stateSku: 'Standard_LRS'
    alertEmails: alertEmails
  }
}

@description('Resource group of the archivist.')
output AZURE_RESOURCE_GROUP string = archivist.outputs.AZURE_RESOURCE_GROUP

@description('Name of the function app.')
output ARCHIVIST_APP_NAME string = archivist.outputs.ARCHIVIST_APP_NAME

@description('Address of the function app.')
output ARCHIVIST_APP_URL string = archivist.outputs.ARCHIVIST_APP_URL

@description('Name of the archivist\'s own storage account.')
output ARCHIVIST_STATE_ACCOUNT string = archivist.outputs.ARCHIVIST_STATE_ACCOUNT

@description('Name of the vault; empty without one.')
output ARCHIVIST_VAULT_NAME string = archivist.outputs.ARCHIVIST_VAULT_NAME

@description('Resource id of the bastion.')
output DEMO_BASTION_ID string = bastion.outputs.id

@description('Name of the account with its recordings.')
output DEMO_RECORDINGS_ACCOUNT string = recordings.outputs.name
