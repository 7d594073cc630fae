// Everything anew, to look at: a network, a Premium bastion that records, an account for its recordings, and the
// archivist beside them. A Premium bastion costs money every hour, used or not.
targetScope = 'subscription'

@description('The name of this environment; the names of all resources are made of it.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('The region of all resources.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The addresses of the network with the bastion: at least a /24. Machines go into its subnet machines.')
param networkAddressPrefix string = '10.91.0.0/24'

@description('Who hears of alerts; without anybody there are no alert rules.')
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
    bastionResourceId: bastion.outputs.id
    recordingsAccountResourceId: recordings.outputs.id
    recordingsContainer: recordings.outputs.container
    bastionDiagnostics: true
    corsOrigin: 'https://${bastion.outputs.dnsName}'
    vaultPurgeProtection: false
    stateSku: 'Standard_LRS'
    alertEmails: alertEmails
  }
}

@description('The resource group with everything of the archivist.')
output AZURE_RESOURCE_GROUP string = archivist.outputs.AZURE_RESOURCE_GROUP

@description('The name of the function app.')
output ARCHIVIST_APP_NAME string = archivist.outputs.ARCHIVIST_APP_NAME

@description('Where the function app answers.')
output ARCHIVIST_APP_URL string = archivist.outputs.ARCHIVIST_APP_URL

@description('The name of the archivist\'s own storage account.')
output ARCHIVIST_STATE_ACCOUNT string = archivist.outputs.ARCHIVIST_STATE_ACCOUNT

@description('The name of the vault; empty where there is none.')
output ARCHIVIST_VAULT_NAME string = archivist.outputs.ARCHIVIST_VAULT_NAME

@description('The resource id of the bastion.')
output DEMO_BASTION_ID string = bastion.outputs.id

@description('The name of the account that is recorded into.')
output DEMO_RECORDINGS_ACCOUNT string = recordings.outputs.name
