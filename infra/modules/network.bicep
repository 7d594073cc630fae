// Virtual network of the app: a subnet for outgoing calls, a subnet for private endpoints, and their DNS zones.

@description('Name of the virtual network.')
param name string

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Address range, at least a /26.')
param addressPrefix string

// Azure prescribes the name of the zone of each service.
var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink.vaultcore.azure.net'
  sites: 'privatelink.azurewebsites.net'
}

// Not a newer version: with those, subnets have no default outbound access, and the app could not call channels.
resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 0)
          delegations: [
            {
              name: 'app'
              // Flex Consumption runs on this service.
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [for item in items(zones): {
  name: item.value
  location: 'global'
  tags: tags
}]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (item, index) in items(zones): {
  parent: zone[index]
  name: 'archivist'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    // A name without a record in our zone is resolved publicly. Otherwise accounts with private endpoints in other
    // networks could not be reached.
    resolutionPolicy: 'NxDomainRedirect'
    virtualNetwork: { id: network.id }
  }
}]

@description('Resource id of the subnet for outgoing calls.')
output appSubnetId string = '${network.id}/subnets/app'

@description('Resource id of the subnet for private endpoints.')
output endpointSubnetId string = '${network.id}/subnets/endpoints'

@description('Resource ids of the zones by service.')
output zoneIds object = toObject(items(zones), item => item.key, item => resourceId('Microsoft.Network/privateDnsZones', item.value))
