// Identity of the app, created before the app, so that all rights can be granted first.

@description('Name of the resource.')
param name string

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the created resource.')
output id string = identity.id

@description('Client id, with which code selects the identity.')
output clientId string = identity.properties.clientId

@description('Principal id, to which roles are assigned.')
output principalId string = identity.properties.principalId
