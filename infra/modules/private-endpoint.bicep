// Private endpoint of one of our services.

@description('Name of the endpoint.')
param name string

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Resource id of the subnet.')
param subnetId string

@description('Resource id of the target.')
param targetId string

@description('Service of the target.')
@allowed(['blob', 'queue', 'table', 'vault', 'sites'])
param service string

@description('Resource id of the DNS zone; empty if the owners of the network maintain names.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: targetId
          groupIds: [service]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = if (!empty(zoneId)) {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: service
        properties: { privateDnsZoneId: zoneId }
      }
    ]
  }
}
